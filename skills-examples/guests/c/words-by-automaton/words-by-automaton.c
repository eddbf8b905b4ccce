/* Counts words, numbers and lines of its input with an automaton: two tables, and a function for each action. */

#include "../job.h"

static int words, numbers, lines;

static void nothing(void) {}
static void word(void) { words++; }
static void number(void) { numbers++; }
static void line(void) { lines++; }
static void log_line(void) {
    FILE *file = fopen("/tmp/words.log", "a");
    if (file) {
        fprintf(file, "%d %d\n", words, numbers);
        fclose(file);
    }
}
static void (*const actions[])(void) = {nothing, word, number, line, log_line};
static const unsigned char next[3][4] = {{0, 1, 2, 0}, {0, 1, 1, 0}, {0, 1, 2, 0}};
static const unsigned char action[3][4] = {{0, 1, 2, 3}, {0, 0, 0, 3}, {0, 1, 0, 3}};

static int class_of(unsigned char byte) {
    if (byte == '\n')
        return 3;
    return isdigit(byte) ? 2 : isalpha(byte) ? 1 : 0;
}

int main(void) {
    char *text = slurp(stdin);
    int state = 0;
    for (; *text; text++) {
        int class = class_of((unsigned char)*text);
        actions[action[state][class]]();
        state = next[state][class];
    }
    actions[4]();
    printf("%d words, %d numbers, %d lines\n", words, numbers, lines);
    return 0;
}
