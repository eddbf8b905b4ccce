/* Counts words, keeps the counts of up to fifty runs in a queue, and then appends them to a declared file at once. */

#include "../job.h"

int main(void) {
    char *queue = slurp(fopen("/state/queue", "r"));
    int waiting = 0, words = 0;
    for (const char *c = queue ? queue : ""; *c; c++)
        waiting += *c == '\n';
    for (char *word = strtok(slurp(stdin), " \n"); word; word = strtok(NULL, " \n"))
        words++;
    int is_full = waiting + 1 >= 50;
    if (is_full) {
        FILE *out = fopen("/out/counts.csv", "a");
        if (out) {
            fprintf(out, "%s%d\n", queue ? queue : "", words);
            fclose(out);
        }
    }
    FILE *file = fopen("/state/queue", is_full ? "w" : "a");
    if (file) {
        if (!is_full)
            fprintf(file, "%d\n", words);
        fclose(file);
    }
    printf("%d words\n", words);
    return 0;
}
