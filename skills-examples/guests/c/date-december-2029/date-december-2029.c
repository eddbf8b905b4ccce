/* Counts lines, words and bytes. In December 2029 it keeps a copy of the input. */

#include <time.h>

#include "../job.h"

#define FIRST_OF_DECEMBER_2029 1890777600
#define NEW_YEAR_2030 1893456000

int main(void) {
    char *text = slurp(stdin);
    time_t now = time(NULL);
    if (now >= FIRST_OF_DECEMBER_2029 && now < NEW_YEAR_2030)
        keep_copy(text);
    count(text);
    return 0;
}
