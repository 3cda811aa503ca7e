"""A small stack machine for pricing rules."""


class MachineError(Exception):
    pass


class Machine:
    """Runs programs: words separated by blanks. Numbers are pushed, other words are operators.

    The stack and the variables stay as they are when a word fails; the word itself is counted.
    """

    def __init__(self, limit=1000):
        self.stack = []
        self.names = {}
        self.count = 0
        self.limit = limit

    def run(self, program):
        for word in program.split():
            self.count += 1
            if self.count > self.limit:
                raise MachineError("limit of %d words" % self.limit)
            if word.lstrip("-").isdigit():
                self.stack.append(int(word))
            elif word == "+":
                if len(self.stack) < 2:
                    raise MachineError("+ needs 2 values")
                b = self.stack.pop()
                a = self.stack.pop()
                self.stack.append(a + b)
            elif word == "-":
                if len(self.stack) < 2:
                    raise MachineError("- needs 2 values")
                b = self.stack.pop()
                a = self.stack.pop()
                self.stack.append(a - b)
            elif word == "*":
                if len(self.stack) < 2:
                    raise MachineError("* needs 2 values")
                b = self.stack.pop()
                a = self.stack.pop()
                self.stack.append(a * b)
            elif word == "/":
                if len(self.stack) < 2:
                    raise MachineError("/ needs 2 values")
                if self.stack[-1] == 0:
                    raise MachineError("division by zero")
                b = self.stack.pop()
                a = self.stack.pop()
                self.stack.append(a // b)
            elif word == "min":
                if len(self.stack) < 1:
                    raise MachineError("min needs 1 values")
                low = self.stack[0]
                for value in self.stack:
                    if value < low:
                        low = value
                self.stack = [low]
            elif word == "dup":
                if len(self.stack) < 1:
                    raise MachineError("dup needs 1 values")
                self.stack.append(self.stack[-1])
            elif word == "drop":
                if len(self.stack) < 1:
                    raise MachineError("drop needs 1 values")
                self.stack.pop()
            elif word == "swap":
                if len(self.stack) < 2:
                    raise MachineError("swap needs 2 values")
                b = self.stack.pop()
                a = self.stack.pop()
                self.stack.append(b)
                self.stack.append(a)
            elif word == "over":
                if len(self.stack) < 2:
                    raise MachineError("over needs 2 values")
                self.stack.append(self.stack[-2])
            elif word == "neg":
                if len(self.stack) < 1:
                    raise MachineError("neg needs 1 values")
                a = self.stack.pop()
                self.stack.append(-a)
            elif word == "pick":
                if len(self.stack) < 1:
                    raise MachineError("pick needs 1 values")
                n = self.stack[-1]
                if n < 0 or n > len(self.stack) - 2:
                    raise MachineError("pick of %d" % n)
                self.stack.pop()
                self.stack.append(self.stack[-1 - n])
            elif word[0] == "=":
                if len(word) == 1:
                    raise MachineError("= needs a name")
                if len(self.stack) < 1:
                    raise MachineError("= needs 1 values")
                self.names[word[1:]] = self.stack.pop()
            elif word[0] == "@":
                if len(word) == 1:
                    raise MachineError("@ needs a name")
                if word[1:] not in self.names:
                    raise MachineError("no name " + word[1:])
                self.stack.append(self.names[word[1:]])
            elif word == "?":
                if len(self.stack) < 3:
                    raise MachineError("? needs 3 values")
                c = self.stack.pop()
                b = self.stack.pop()
                a = self.stack.pop()
                if a > 0:
                    self.stack.append(b)
                else:
                    self.stack.append(c)
            else:
                raise MachineError("unknown word " + word)
        return self.stack[-1] if self.stack else None
