# make 的中文：IN=zh_CN 或系统的语言选用这个文件。目标与根目录的 Makefile 相同。
SETTING_UP := 正在建立 .venv，只有第一次需要，要等一分钟以上。
NOT_SET_UP := 没能建立 .venv，原因见上。第一次需要联网，还需要 3.11 到 3.13 的 Python，uv 会自己找到或下载；也可以指定一个：PYTHON=python3.12 make run。
FETCHING_UV := 正在下载 uv，放进 .uv；其余的都由 uv 安装。
NO_UV := 没能下载 uv：电脑不能上网，或者没有带 pip 的 Python 3。请先安装 uv（做法见 docs.astral.sh/uv），再输入同样的命令。
CHOICE_OF_PYTHON := PYTHON=python3.12 make run   用你指定的 Python，3.11 到 3.13 都可以
# help:  ## 列出可以 make 的目标
# run:  ## 运行四课，结果的网页在 build/ 里；IN=zh_CN 运行中文版
# lab:  ## 在 JupyterLab 里打开第 1 课；IN=zh_CN 打开中文版
# test:  ## 课程的测试：四课、helpers 和 tools
# test-rest:  ## 其余的测试：浏览器、网站、选修课，以及较慢的测试
# test-all:  ## 全部测试，包括译成其他语言的各课、better 和又一次完整的训练
# lint:  ## 检查 Python、notebook、JavaScript 和 CI 的工作流
# constraints:  ## 把所有软件包固定为能一起使用的最新版本
# notebooks:  ## 运行新的和有改动的 notebook，保存输出；ONLY="01_load extras/better"，ALL=1
# site:  ## 用保存的输出生成网站，放进 build/site/
# pictures:  ## 用 Chromium 重新制作提交的每张图：notebook、README 和 docs 里的
# offline:  ## 为不能上网的教室制作文件夹 build/offline/
# clean:  ## 删除 build/ 和缓存；保留 .venv/、artifacts/ 和 build/*.csv
