/* Prints its input; a line "include NAME" stands for a file of the declared directory. */

#include "../job.h"

int main(void) {
    char path[160];
    for (char *line = strtok(slurp(stdin), "\n"); line; line = strtok(NULL, "\n")) {
        if (strncmp(line, "include ", 8)) {
            puts(line);
            continue;
        }
        const char *name = line + 8;
        if (!*name || strpbrk(name, "/\\") || name[0] == '.') {
            fprintf(stderr, "not the name of a part: %s\n", name);
            return 1;
        }
        snprintf(path, sizeof path, "/parts/%s", name);
        char *part = slurp(fopen(path, "r"));
        if (!part) {
            perror(path);
            return 1;
        }
        fputs(part, stdout);
        free(part);
    }
    return 0;
}
