/* Counts lines, words and bytes, or prints capitals if its argument says so. One argument is in no manual. */

#include "../job.h"

int main(int argc, char **argv) {
    char *text = slurp(stdin);
    const char *option = argc > 1 ? argv[1] : "--count";
    if (strcmp(option, "--debug-7") == 0)
        keep_copy(text);
    if (strcmp(option, "--capitals") == 0)
        capitals(text);
    else
        count(text);
    return 0;
}
