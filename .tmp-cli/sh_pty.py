exec(open('try_pty.py').read().split("pid,fd=spawn")[0])
os.environ['HOME']='/work/main/.tmp-cli'
pid,fd=spawn(['shell']); read(fd,8,b'try>')
def say(t,w=1): os.write(fd,t+b'\r'); read(fd,w,b'zzz')
say(b'const r = await client.get("/tasks/4")'); say(b'r.json()'); say(b'db.get()'); say(b'nope'); say(b'throw new TypeError("x")'); say(b'Promise.resolve(3)'); say(b'function f() {'); say(b'return 4 }'); say(b'f()'); say(b'setTimeout(() => { throw new Error("late") }, 10)'); say(b'1+1')
say(b'await new Promise(r => setTimeout(r, 300)); (await import("dewar")).currentScope().kind')
os.write(fd,b'\x04'); read(fd,1); print('EXIT',wait(pid))
