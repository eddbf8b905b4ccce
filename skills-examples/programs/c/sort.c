/* Sorts the lines of its input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int order(const void *a, const void *b) { return strcmp(*(char **)a, *(char **)b); }

int main(void) {
    size_t count = 0, room = 0;
    char **lines = NULL, *line = NULL;
    size_t size = 0;
    while (getline(&line, &size, stdin) > 0) {
        if (count == room)
            lines = realloc(lines, (room = room ? 2 * room : 16) * sizeof *lines);
        lines[count++] = strdup(line);
    }
    qsort(lines, count, sizeof *lines, order);
    for (size_t i = 0; i < count; i++)
        fputs(lines[i], stdout);
    return 0;
}
