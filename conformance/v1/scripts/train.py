import os
import sys

print("hello from", sys.argv[1])
os.makedirs("outputs", exist_ok=True)
with open("outputs/hello.txt", "w") as file:
    file.write("hello")
