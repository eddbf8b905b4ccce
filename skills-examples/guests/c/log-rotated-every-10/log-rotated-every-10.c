/* Counts lines, words and bytes, and keeps a log of its runs that begins anew at every tenth. */

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    char *log = slurp(fopen("/logs/runs.log", "r"));
    int lines = 0;
    for (const char *at = log; at && (at = strchr(at, '\n')); at++)
        lines++;
    if (lines >= 10)
        rename("/logs/runs.log", "/logs/runs.old.log");
    FILE *file = fopen("/logs/runs.log", "a");
    if (file) {
        fprintf(file, "%zu bytes\n", strlen(text));
        fclose(file);
    }
    count(text);
    return 0;
}
