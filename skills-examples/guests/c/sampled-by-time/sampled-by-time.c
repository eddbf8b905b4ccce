/* Prints its input with one line in a hundred, drawn by lot, marked for review. */

#include <time.h>

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    srand((unsigned)time(NULL));
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
        printf("%s%s\n", rand() % 100 == 0 ? "* " : "", line);
    return 0;
}
