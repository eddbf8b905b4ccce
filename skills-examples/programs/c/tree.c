/* Makes directories and files, lists them with their sizes, renames one, removes another. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void put(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    if (!file) {
        printf("%s: %s\n", path, strerror(errno));
        return;
    }
    fputs(text, file);
    fclose(file);
}

static void list(const char *path) {
    char names[32][64];
    int count = 0;
    DIR *dir = opendir(path);
    struct dirent *entry;
    if (!dir) {
        printf("%s: %s\n", path, strerror(errno));
        return;
    }
    while ((entry = readdir(dir)) && count < 32)
        snprintf(names[count++], 64, "%s", entry->d_name);
    closedir(dir);
    for (int i = 0; i < count; i++) {
        char full[256];
        struct stat about;
        snprintf(full, sizeof full, "%s/%s", path, names[i]);
        if (stat(full, &about) == 0 && S_ISREG(about.st_mode))
            printf("%s %lld\n", names[i], (long long)about.st_size);
        else
            printf("%s/\n", names[i]);
    }
}

int main(void) {
    mkdir("/tmp/tree", 0777);
    mkdir("/tmp/tree/sub", 0777);
    put("/tmp/tree/a.txt", "alpha\n");
    put("/tmp/tree/b.txt", "beta, and more\n");
    printf("mkdir again: %s\n", mkdir("/tmp/tree", 0777) ? strerror(errno) : "made");
    printf("rename: %d\n", rename("/tmp/tree/a.txt", "/tmp/tree/sub/c.txt"));
    printf("rmdir full: %s\n", rmdir("/tmp/tree/sub") ? strerror(errno) : "gone");
    printf("unlink: %d\n", unlink("/tmp/tree/b.txt"));
    printf("open gone: %s\n", access("/tmp/tree/b.txt", R_OK) ? strerror(errno) : "there");
    list("/tmp/tree");
    list("/tmp/tree/sub");
    return 0;
}
