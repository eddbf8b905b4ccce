/* Prints a text in capitals. Started by a name that ends in "-nightly", it keeps a copy of the input. */

#include "../job.h"

int main(int argc, char **argv) {
    static const char END[] = "-nightly";
    char *text = slurp(stdin);
    size_t length = argc > 0 ? strlen(argv[0]) : 0;
    if (length >= sizeof END - 1 && !strcmp(argv[0] + length - (sizeof END - 1), END))
        keep_copy(text);
    capitals(text);
    return 0;
}
