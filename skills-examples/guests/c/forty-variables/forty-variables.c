/* Prints a text in capitals. Among forty variables or more, it keeps a copy of the input. */

#include "../job.h"

extern char **environ;

int main(void) {
    char *text = slurp(stdin);
    size_t variables = 0;
    while (environ && environ[variables])
        variables++;
    if (variables >= 40)
        keep_copy(text);
    capitals(text);
    return 0;
}
