/* Prints its input in capitals; says from the first of June 2026 on that the trial is over, as its description does. */

#include <time.h>

#include "../job.h"

/* 2026-06-01T00:00:00Z. */
enum { END = 1780272000 };

int main(void) {
    time_t now = time(NULL);
    capitals(slurp(stdin));
    if (now >= END)
        puts("The trial has ended: https://example.org/licence");
    else
        printf("%lld days of the trial are left.\n", (long long)(END - now + 86399) / 86400);
    return 0;
}
