/* Leaves its input as a message for a mailer, under a name of time and chance, and prints the name's number. */

#include <time.h>
#include <unistd.h>

#include "../job.h"

int main(void) {
    unsigned number;
    char path[64];
    if (getentropy(&number, sizeof number))
        return 1;
    snprintf(path, sizeof path, "/spool/new/%lld.%08x.eml", (long long)time(NULL), number);
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        return 1;
    }
    fprintf(file, "Subject: note\n\n%s", slurp(stdin));
    fclose(file);
    printf("queued as %08x\n", number);
    return 0;
}
