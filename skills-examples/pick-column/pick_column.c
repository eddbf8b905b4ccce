/* Prints one column of the CSV on standard input: the one that the first argument numbers, from 1. */

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    int wanted = argc > 1 ? atoi(argv[1]) : 1;
    if (wanted < 1) {
        fprintf(stderr, "a column is numbered from 1, not %s\n", argv[1]);
        return 1;
    }
    int column = 1, character;
    while ((character = getchar()) != EOF) {
        if (character == '\n') {
            putchar('\n');
            column = 1;
        } else if (character == ',') {
            column++;
        } else if (column == wanted) {
            putchar(character);
        }
    }
    return 0;
}
