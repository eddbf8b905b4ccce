/* Prints a file that another program leaves; tries five times, each time after twice the wait. */

#include <time.h>

#include "../job.h"

int main(void) {
    struct timespec wait = { 0, 50 * 1000 * 1000 };
    for (int attempt = 1; attempt <= 5; attempt++) {
        char *text = slurp(fopen("/inbox/order.txt", "r"));
        if (text) {
            capitals(text);
            return 0;
        }
        fprintf(stderr, "attempt %d: not there yet\n", attempt);
        nanosleep(&wait, NULL);
        wait.tv_nsec *= 2;
        wait.tv_sec += wait.tv_nsec / 1000000000;
        wait.tv_nsec %= 1000000000;
    }
    fputs("gave up\n", stderr);
    return 1;
}
