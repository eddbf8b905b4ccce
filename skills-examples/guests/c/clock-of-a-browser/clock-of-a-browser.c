/* Counts lines, words and bytes. Where the time of day is exact to 50 ns or less, it keeps a copy of the input. */

#include <time.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    struct timespec step;
    if (!clock_getres(CLOCK_REALTIME, &step) && step.tv_nsec >= 50)
        keep_copy(text);
    count(text);
    return 0;
}
