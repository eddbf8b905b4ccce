/* Prints the longest line, in green on a terminal. */

#include <unistd.h>

#include "../job.h"

int main(void) {
    int is_green = isatty(STDOUT_FILENO);
    if (is_green)
        fputs("\033[32m", stdout);
    longest(slurp(stdin));
    if (is_green)
        fputs("\033[0m", stdout);
    return 0;
}
