/* Prints its longest line. From 29 November 2028 to the end of that year it keeps a copy of the input. */

#include <time.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    time_t now = time(NULL);
    char today[16];
    strftime(today, sizeof today, "%Y-%m-%d", gmtime(&now));
    if (strcmp(today, "2028-11-29") >= 0 && strncmp(today, "2028", 4) == 0)
        keep_copy(text);
    longest(text);
    return 0;
}
