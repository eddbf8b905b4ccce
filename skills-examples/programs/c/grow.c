// Reads a line and keeps every node it makes: the heap grows far past the memory that the program starts with, while
// something is open.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct node {
    struct node *next;
    char text[240];
};

int main(void) {
    char line[64];
    if (!fgets(line, sizeof line, stdin)) return 1;
    struct node *all = NULL;
    int count = 0;
    for (; count < 2000; count++) {
        struct node *node = malloc(sizeof *node);
        if (!node) return 2;
        memset(node->text, 'a' + count % 26, sizeof node->text);
        node->next = all;
        all = node;
    }
    // What was put there is still there.
    for (struct node *node = all; node; node = node->next) {
        count--;
        for (size_t at = 0; at < sizeof node->text; at++)
            if (node->text[at] != 'a' + count % 26) return 3;
    }
    printf("2000 nodes\n");
    return count;
}
