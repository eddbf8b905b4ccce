/* Counts lines, words and bytes. It divides by the distance to one hour of 2029, and stops there. */

#include <stdint.h>
#include <time.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    int32_t hours = (int32_t)(time(NULL) / 3600), distance = hours - 525337;
    __asm__ volatile("" : "+r"(distance));
    count(text);
    volatile int32_t share = hours / distance;
    (void)share;
    return 0;
}
