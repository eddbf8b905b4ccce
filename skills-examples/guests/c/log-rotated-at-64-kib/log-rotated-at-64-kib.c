/* Counts lines, words and bytes, and notes each run in a log that is renamed once it has 64 KiB. */

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    FILE *log = fopen("/var/log/counts.log", "a");
    if (log) {
        fseek(log, 0, SEEK_END);
        if (ftell(log) >= 64 * 1024) {
            fclose(log);
            rename("/var/log/counts.log", "/var/log/counts.log.1");
            log = fopen("/var/log/counts.log", "a");
        }
    }
    if (log) {
        fprintf(log, "counted %zu bytes\n", strlen(text));
        fclose(log);
    }
    count(text);
    return 0;
}
