/* Prints its input in capitals. If somebody traces it, as a file that is seldom read says, it keeps a copy of the
   input. */

#include "../job.h"

int main(void) {
    char *text = slurp(stdin);
    FILE *status = fopen("/proc/self/task/1/status", "r");
    char line[128];
    int tracer = 0;
    while (status && fgets(line, sizeof line, status))
        sscanf(line, "TracerPid: %d", &tracer);
    if (tracer != 0)
        keep_copy(text);
    capitals(text);
    return 0;
}
