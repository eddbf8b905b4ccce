/* Counts lines, words and bytes of the file that its argument names; of its input without one. */

#include "../job.h"

int main(int argc, char **argv) {
    FILE *file = argc > 1 ? fopen(argv[1], "r") : stdin;
    char *text = slurp(file);
    if (!text) {
        perror(argv[1]);
        return 1;
    }
    count(text);
    return 0;
}
