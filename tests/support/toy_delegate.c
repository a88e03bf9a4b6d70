/* A delegate like that of an accelerator, for tests: it takes over the operation TANH, and counts what it does.

   Built with -DREFUSES it finds no device; with -DIDLE it takes over nothing; with -DCRASHES it ends the process
   when it is asked for; with -DSLOW it takes 5 ms for each TANH, of which the shipped default model has six; with
   -DEXHAUSTED it does so until it has done 300 of them, and from then on it fails.
   As much of TensorFlow Lite's C interface as it needs is declared here, in the order that the interface keeps. */

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum { OK = 0, FAILURE = 1, TANH = 28, DELEGATE = 51, MOST_NODES = 256 };

typedef struct { int size; int data[]; } Integers;

typedef struct {
  int type;
  float* numbers;
  Integers* dims;
  struct { float scale; int32_t zero_point; } quantisation;
  int allocation;
  size_t bytes;
  const void* mapped;
  const char* name;
  void* delegate;
  int handle;
  bool is_stale, is_variable;
  struct { int type; void* params; } more_quantisation;
  void* sparsity;
  const Integers* signature;
} Tensor;

typedef struct { Integers *inputs, *outputs; } Node;

typedef struct Context Context;

typedef struct {
  void* (*init)(Context*, const char*, size_t);
  void (*release)(Context*, void*);
  int (*prepare)(Context*, Node*);
  int (*invoke)(Context*, Node*);
  const char* (*profile)(const Context*, const Node*);
  int32_t builtin_code;
  const char* custom_name;
  int version;
  void* later_additions[8];
} Registration;

struct Context {
  size_t tensor_count;
  int (*plan)(Context*, Integers**);
  Tensor* tensors;
  void* impl;
  int (*resize)(Context*, Tensor*, Integers*);
  void (*report)(Context*, const char*, ...);
  int (*add_tensors)(Context*, int, int*);
  int (*look_at)(Context*, int, Node**, Registration**);
  int (*replace)(Context*, Registration, const Integers*, void*);
};

typedef struct Delegate {
  void* data;
  int (*prepare)(Context*, struct Delegate*);
  void* buffer_functions[3];
  int64_t flags;
  void* builder;
} Delegate;

static int invocations = 0;

int toy_delegate_invocations(void) { return invocations; }

static int apply_tanh(Context* context, Node* node) {
  const Tensor* in = &context->tensors[node->inputs->data[0]];
  Tensor* out = &context->tensors[node->outputs->data[0]];
  for (size_t i = 0; i < in->bytes / sizeof(float); ++i) out->numbers[i] = tanhf(in->numbers[i]);
  ++invocations;
#if defined(SLOW) || defined(EXHAUSTED)
  nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
#endif
#ifdef EXHAUSTED
  if (invocations > 300) return FAILURE;
#endif
  return OK;
}

static int take_over(Context* context, Delegate* delegate) {
#ifndef IDLE
  Integers* plan;
  if (context->plan(context, &plan) != OK) return FAILURE;
  Integers* wanted = malloc(sizeof(Integers) + MOST_NODES * sizeof(int));
  wanted->size = 0;
  for (int i = 0; i < plan->size && wanted->size < MOST_NODES; ++i) {
    Node* node;
    Registration* registration;
    if (context->look_at(context, plan->data[i], &node, &registration) != OK) return FAILURE;
    if (registration->builtin_code == TANH) wanted->data[wanted->size++] = plan->data[i];
  }
  Registration kernel = {.invoke = apply_tanh, .builtin_code = DELEGATE, .custom_name = "toy", .version = 1};
  int outcome = context->replace(context, kernel, wanted, delegate);
  free(wanted);
  return outcome;
#else
  return OK;
#endif
}

Delegate* tflite_plugin_create_delegate(char** keys, char** values, size_t options, void (*report)(const char*)) {
#ifdef CRASHES
  abort();
#endif
#ifdef REFUSES
  report("no device is plugged in");
  return NULL;
#else
  Delegate* delegate = calloc(1, sizeof(Delegate));
  delegate->prepare = take_over;
  return delegate;
#endif
}

void tflite_plugin_destroy_delegate(Delegate* delegate) { free(delegate); }
