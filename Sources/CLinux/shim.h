// The Linux system calls that the event loop and the programs need and that Swift's Glibc module leaves out.
#pragma once

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

// Returns how many bytes can be read from a socket, or -1 if that is unknown. A shim because ioctl is variadic, and
// Swift cannot call variadic functions.
static inline int works_bytes_to_read(int descriptor) {
    int count;
    return ioctl(descriptor, FIONREAD, &count) == 0 ? count : -1;
}

// Returns the variables of the environment, `NAME=VALUE` each, with a null after the last. A shim because `environ` is
// a mutable global variable, which Swift's concurrency checks refuse.
static inline char **works_environment(void) {
    extern char **environ;
    return environ;
}
