/* Prints its arguments and its variables, and ends with the number of its arguments. */
#include <stdio.h>
#include <stdlib.h>

extern char **environ;

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    for (char **own = environ; own && *own; own++)
        printf("%s\n", *own);
    printf("HOME is %s\n", getenv("HOME") ? getenv("HOME") : "not set");
    exit(40 + argc);
}
