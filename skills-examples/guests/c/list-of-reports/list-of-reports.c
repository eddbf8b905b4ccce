/* Counts its input, and lists the reports there are; a file that asks for silence leaves the list out. */

#include <dirent.h>

#include "../job.h"

int main(void) {
    count(slurp(stdin));
    char *settings = slurp(fopen("/reports/.settings", "r"));
    if (settings && strncmp(settings, "list=off", 8) == 0)
        return 0;
    DIR *directory = opendir("/reports");
    for (struct dirent *entry; directory && (entry = readdir(directory));)
        if (entry->d_name[0] != '.') {
            char line[300];
            snprintf(line, sizeof line, "report %s", entry->d_name);
            puts(line);
        }
    return 0;
}
