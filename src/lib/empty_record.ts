/** An object that inherits nothing, so that `constructor` and `__proto__` are names like any other. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it is used, for the members
export class EmptyRecord<T = unknown> {
  [name: string]: T
}

// As empty as Object.create(null), and not the slow dictionary that V8 makes of that.
Object.setPrototypeOf(EmptyRecord.prototype, null)
Reflect.deleteProperty(EmptyRecord.prototype, 'constructor')
