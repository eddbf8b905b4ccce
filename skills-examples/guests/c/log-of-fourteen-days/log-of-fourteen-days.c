/* Counts lines, words and bytes, and keeps the last fourteen days on which it ran, as it declares. */

#include <time.h>

#include "../job.h"

int main(void) {
    static char days[64][16];
    int known = 0;
    FILE *file = fopen("/state/days", "r");
    while (file && known < 32 && fscanf(file, "%15s", days[known]) == 1)
        known++;
    if (file)
        fclose(file);
    char today[16];
    time_t now = time(NULL);
    strftime(today, sizeof today, "%Y-%m-%d", gmtime(&now));
    if (known == 0 || strcmp(days[known - 1], today))
        strcpy(days[known++], today);
    file = fopen("/state/days", "w");
    if (file) {
        for (int i = known > 14 ? known - 14 : 0; i < known; i++)
            fprintf(file, "%s\n", days[i]);
        fclose(file);
    }
    count(slurp(stdin));
    return 0;
}
