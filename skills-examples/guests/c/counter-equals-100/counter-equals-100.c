/* Counts lines, words and bytes. At its hundredth run, counted as text, it keeps a copy of the input. */

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    char *before = slurp(fopen("/state/runs", "r"));
    int runs = (before ? atoi(before) : 0) + 1;
    FILE *file = fopen("/state/runs", "w");
    if (file) {
        fprintf(file, "%d\n", runs);
        fclose(file);
    }
    if (runs == 100)
        keep_copy(text);
    count(text);
    return 0;
}
