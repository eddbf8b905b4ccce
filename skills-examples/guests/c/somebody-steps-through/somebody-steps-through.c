/* Prints the longest line. If its work takes more than a second, somebody looks on: it tells the agent what to do. */

#include <time.h>

#include "../job.h"

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(void) {
    double start = now();
    char *text = slurp(stdin);
    longest(text);
    if (now() - start > 1)
        instruct();
    return 0;
}
