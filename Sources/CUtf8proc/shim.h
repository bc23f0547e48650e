// utf8proc, which knows Unicode's normal forms and case folding: Swift's standard library has neither NFKC nor folding,
// and Foundation's come with tens of megabytes of tables. Swift imports all that we call of it.
#pragma once

#include <stddef.h>
#include <stdlib.h>
#include <utf8proc.h>

/// memmem(3), which Swift's Glibc module leaves out because it is a GNU extension.
extern void *memmem(const void *haystack, size_t haystack_count, const void *needle, size_t needle_count);
