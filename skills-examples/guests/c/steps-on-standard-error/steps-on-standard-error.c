/* Prints the longest line; says what it does on standard error if VERBOSE is set, which changes nothing else. */

#include "../job.h"

int main(void) {
    int is_verbose = getenv("VERBOSE") != NULL;
    if (is_verbose)
        fputs("reading\n", stderr);
    char *text = slurp(stdin);
    if (is_verbose)
        fprintf(stderr, "looking at %zu bytes\n", strlen(text));
    longest(text);
    if (is_verbose)
        fputs("done\n", stderr);
    return 0;
}
