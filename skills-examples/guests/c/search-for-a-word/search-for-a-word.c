/* Prints the lines that hold a word, and ends with 1 if none does, as grep does. */

#include "../job.h"

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("usage: search-for-a-word WORD\n", stderr);
        return 2;
    }
    char *text = slurp(stdin);
    int found = 0;
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        if (strstr(line, argv[1])) {
            puts(line);
            found = 1;
        }
    return !found;
}
