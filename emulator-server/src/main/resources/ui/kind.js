// What the page calls the kinds of target; for the rest Azure's word does.
const NAMES = { AmlCompute: "cluster", ComputeInstance: "instance", VirtualMachine: "virtual machine" };

export function kindName(kind) {
  return NAMES[kind] ?? kind;
}
