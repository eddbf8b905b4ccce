/* Reads both clocks, waits, and reads them again. */
#include <stdio.h>
#include <time.h>

int main(void) {
    struct timespec before, after, pause = {.tv_sec = 2, .tv_nsec = 500000000};
    char text[64];
    time_t now = time(NULL);
    strftime(text, sizeof text, "%A %Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    printf("%s\n", text);
    clock_gettime(CLOCK_MONOTONIC, &before);
    nanosleep(&pause, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("waited %lld ms\n",
           (long long)(after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000);
    return 0;
}
