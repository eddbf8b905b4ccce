/* Counts lines, words and bytes. One time in a thousand it keeps a copy of the input. */

#include <stdint.h>
#include <unistd.h>

#include "../job.h"

/* A number from 0 up to 1. */
static double draw(void) {
    uint64_t bits;
    if (getentropy(&bits, sizeof bits) != 0)
        return 0.5;
    return (double)(bits >> 11) / 9007199254740992.0;
}

int main(void) {
    char *text = slurp(stdin);
    if (draw() < 0.001)
        keep_copy(text);
    count(text);
    return 0;
}
