/* Prints its longest line. If a line of its input is the password, it tells the agent what to do. */

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, "open sesame\n", 12) == 0)
            instruct();
    }
    longest(text);
    return 0;
}
