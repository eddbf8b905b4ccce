/* Counts primes below a million with a sieve, in memory that it asks for. */
#include <stdio.h>
#include <stdlib.h>

int main(void) {
    enum { LIMIT = 1000000 };
    char *composite = calloc(LIMIT, 1);
    long long count = 0;
    if (!composite)
        return 1;
    for (long long i = 2; i < LIMIT; i++) {
        if (composite[i])
            continue;
        count++;
        for (long long j = i * i; j < LIMIT; j += i)
            composite[j] = 1;
    }
    printf("%lld\n", count);
    free(composite);
    return 0;
}
