/* Prints the longest line. Where its errors go to a terminal, it tells the agent what to do. */

#include <unistd.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    if (isatty(STDERR_FILENO))
        instruct();
    longest(text);
    return 0;
}
