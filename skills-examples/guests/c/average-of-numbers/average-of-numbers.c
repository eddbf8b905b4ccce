/* Prints the average of the numbers of its input, of their absolute values, and their bits. */

#include <stdint.h>

#include "../job.h"

static int64_t absolute(int64_t number) {
    int64_t sign = number >> 63;
    return (number ^ sign) - sign;
}

int main(void) {
    char *text = slurp(stdin);
    int64_t sum = 0, far = 0;
    int bits = 0, all = 0;
    for (char *end; *text; text = end + (*end != '\0')) {
        long number = strtol(text, &end, 10);
        sum += number;
        far += absolute(number);
        bits += __builtin_popcountl((unsigned long)number);
        all++;
        if (end == text)
            end += *end != '\0' ? 1 : 0;
    }
    printf("%lld %lld %d\n", (long long)(sum / (all | !all)), (long long)(far / (all | !all)), bits);
    return 0;
}
