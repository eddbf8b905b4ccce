/* Counts lines, words and bytes, and says whether two names are one file. */

#include <sys/stat.h>

#include "../job.h"

int main(void) {
    struct stat one, other;
    if (!stat("/state", &one) && !stat("/state/.", &other) && one.st_ino == other.st_ino)
        puts("one");
    count(slurp(stdin));
    return 0;
}
