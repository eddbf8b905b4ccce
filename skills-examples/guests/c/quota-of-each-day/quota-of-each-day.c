/* Prints the longest line, a hundred times a day; then it ends with 75 until the next day. */

#include <time.h>

#include "../job.h"

int main(void) {
    long long day = 0, used = 0, today = time(NULL) / 86400;
    FILE *file = fopen("/state/quota", "r");
    if (file) {
        if (fscanf(file, "%lld %lld", &day, &used) != 2)
            day = 0;
        fclose(file);
    }
    if (day != today)
        used = 0;
    if (used >= 100) {
        fputs("the quota of today is used up\n", stderr);
        return 75;
    }
    file = fopen("/state/quota", "w");
    if (file) {
        fprintf(file, "%lld %lld\n", today, used + 1);
        fclose(file);
    }
    longest(slurp(stdin));
    return 0;
}
