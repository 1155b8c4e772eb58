enum A {
  x,
}
