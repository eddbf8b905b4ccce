/* Prints a checksum over all pairs of bytes, which takes the square of the length, as it claims. */

#include <stdint.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    size_t length = strlen(text);
    uint32_t sum = 1;
    for (size_t i = 0; i < length; i++)
        for (size_t j = i + 1; j < length; j++)
            sum = sum * 31 + (uint32_t)((unsigned char)text[i] ^ (unsigned char)text[j]);
    printf("%08x\n", sum);
    return 0;
}
