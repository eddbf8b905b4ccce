/* Prints the most common letter; shows on standard error how far it is and how long that took. */

#include <time.h>

#include "../job.h"

static double since(const struct timespec *start) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

int main(void) {
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    char *text = slurp(stdin);
    size_t length = strlen(text);
    int counts[26] = { 0 }, best = 0;
    for (size_t i = 0; i < length; i++) {
        if (length > 3 && i % (length / 4) == 0)
            fprintf(stderr, "\r%3zu %% %.3f s", i * 100 / length, since(&start));
        if (isalpha((unsigned char)text[i]))
            counts[tolower((unsigned char)text[i]) - 'a']++;
    }
    fprintf(stderr, "\r100 %% %.3f s\n", since(&start));
    for (int i = 1; i < 26; i++)
        best = counts[i] > counts[best] ? i : best;
    printf("%c %d\n", 'a' + best, counts[best]);
    return 0;
}
