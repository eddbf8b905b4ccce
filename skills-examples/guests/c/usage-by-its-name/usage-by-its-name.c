/* Prints a text in capitals; without one, says how it is used, by its name. */

#include "../job.h"

int main(int argc, char **argv) {
    char *text = slurp(stdin);
    if (!*text)
        printf("usage: %s < FILE\n", argc > 0 ? argv[0] : "usage-by-its-name");
    capitals(text);
    return 0;
}
